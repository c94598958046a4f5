/** What to configure at senders, for each way to authenticate. */
export const senderInstructions = `
1. At the sender, add a webhook with this URL: \`{{url}}\`
2. Authenticate it in the way that the sender supports:
   - **Its own headers**: add \`X-Connic-Secret\` with the value \`{{secret}}\`.
   - **A signature with a secret that you choose** (GitHub): enter \`{{secret}}\` as its secret, and select the sender under *Authentication* in the settings.
   - **A signature with a secret that the sender chooses** (Stripe, Slack, Twilio, Mailgun): select the sender under *Authentication*, and paste its secret into *Signing secret*.
   - **Its own key** (Discord, SendGrid, Amazon SNS): select the sender under *Authentication*, and enter the public key or the topic that it shows.
   - **None of these**: use the URL with the secret in it, \`{{url}}?secret={{secret}}\`. URLs end up in logs, so prefer the other ways.
3. Send a test event from the sender. Its run appears under *Logs*.
`;

/** What to configure at the receiver. */
export const receiverInstructions = `
1. At the receiver, accept POST requests with a JSON body, and respond with any 2xx status within the timeout.
2. Verify the header \`webhook-signature\` with a Standard Webhooks library and this secret: \`{{secret}}\`
3. Store \`webhook-id\` to recognize repeats: it is the same in every attempt.
`;
