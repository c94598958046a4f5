/** The manifest of a Slack app for a connector (docs.slack.dev, "App manifest reference"), in YAML. */
const manifest = `
display_information:
  name: Agent Connectors
features:
  app_home:
    messages_tab_enabled: true
    messages_tab_read_only_enabled: false
  bot_user:
    display_name: Agent
    always_online: true
oauth_config:
  scopes:
    bot: [app_mentions:read, chat:write, files:read, im:history]
settings:
  event_subscriptions:
    request_url: {{url}}
    bot_events: [app_mention, message.im]
  interactivity:
    is_enabled: true
    request_url: {{url}}
`.trim();

export const inboundInstructions = `
1. Open https://api.slack.com/apps, choose **Create New App**, then **From a manifest**, and paste:

\`\`\`yaml
${manifest}
\`\`\`

2. Install the app to your workspace.
3. Enter two values of the app here: the **Signing Secret** (under *Basic Information*) and the **Bot User OAuth Token** (under *OAuth & Permissions*). If *Event Subscriptions* shows that the URL is not verified, choose **Retry** there.
4. Invite the app to a channel with \`/invite @Agent\`, and mention it.

For further events, add them under *Event Subscriptions*, with the scopes that Slack names there, and in this connector's **Events**. For slash commands, create each under *Slash Commands* with the same URL.
`;
