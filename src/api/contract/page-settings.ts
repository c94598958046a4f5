/** Path of the dashboard's settings, below its own address; both engines serve it with the dashboard. */
export const pageSettingsPath = '/page-settings.json';

/** Settings that the dashboard needs before anyone has signed in. They are public. */
export interface PageSettings {
  readonly sign_in: SignInWay;
  /**
   * Public URL of the connectors. Its paths are also served below the dashboard's own address, and the dashboard may
   * call them only there.
   */
  readonly base_url: string | null;
}

/** How operators sign in: with a token of the system, or as users of a Cognito user pool. */
export type SignInWay =
  | { readonly way: 'token' }
  | {
      readonly way: 'cognito';
      readonly region: string;
      readonly user_pool_id: string;
      readonly client_id: string;
    };
