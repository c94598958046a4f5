/** Path of the dashboard's settings, below its own address; both engines serve it with the dashboard. */
export const pageSettingsPath = '/page-settings.json';

/** What the dashboard has to know before anybody has signed in. Everybody may read it. */
export interface PageSettings {
  readonly sign_in: SignInWay;
  /**
   * Where connectors are reached from outside. What lies below it is reached below the page's own address as well, and
   * only there may the page call it.
   */
  readonly base_url: string | null;
}

/** How operators show who they are: by a token of the system, or as users of a Cognito user pool. */
export type SignInWay =
  | { readonly way: 'token' }
  | {
      readonly way: 'cognito';
      readonly region: string;
      readonly user_pool_id: string;
      readonly client_id: string;
    };
