/** The descriptions of the operations of webhooks in the document. */

export const createText = `Told of every change from now on, in order: the entry of \`GET /v1/changes\`, made when it is sent and signed as Standard Webhooks says.

**When**
- Another system must know at once what readers see: a partner, a site that is built anew, a cache.
- At most 100 webhooks.

**Effect**
- The answer has the \`secret\`, which is shown only here; a repeat with the same \`Idempotency-Key\` has it too.
- Types other than \`webhook\` are purgers: they purge, by key, the answers that a change makes stale. They take no filters, need what their provider does (\`serviceId\` or \`zoneId\`, and \`token\`), and have no secret.
- All filters must hold; of the values of one any.

**Errors**
- 422 \`refused-target\`: nothing is sent to \`url\`. A name is resolved only when something is sent, and judged again by its address then.
- 422 \`unfit-webhook\`: members that do not go together.`;

export const patchText = `JSON Merge Patch: absent leaves alone, null clears a filter.

**Effect**
- \`enabled: true\` forgets what failed, so that what waits is due at once, in its order; the changes since it was disabled follow in order. So does another \`url\`.
- To a webhook that is enabled it does the same where \`failures\` or \`nextProbeAt\` say that it fails: an event \`webhook.retried\` tells, and the version stays if nothing else changes. Without failures it does nothing.
- \`token\` takes the place of the one that a purger had; another \`url\` needs it again, since it is sent there.
- Filters hold for what is sent from then on.

**Errors**
- 409 \`secret-lost\`: it cannot be enabled, because its secret cannot be read.`;

export const rotateText = `**Effect**
- The answer has the new \`secret\`, which is shown only here. It and the one before sign every delivery for 24 hours, until \`previousSecretUntil\`; then it alone.
- Only the newest two sign: another rotation within these hours ends the oldest at once, which is why the call needs \`If-Match\`.
- A webhook that was disabled because its secret was lost is enabled; it has no secret before.

**Errors**
- 409 \`signs-nothing\`: it is a purger.`;

export const deleteText =
  'Nothing more is sent but what is under way. Its deliveries can be read no more, and are removed within some hours. To stop it for a while, disable it instead.';

export const pingText =
  'Makes a delivery of the type `webhook.ping` about the webhook itself. It is tried once and at once, also while the webhook is disabled or fails, and counts for nothing if it fails. A ping that still waits is skipped for it. What came of it is in the delivery.';

export const skipText = `**When**
- A delivery waits or is dead. While one waits, what comes after it about the same thing waits behind it.

**Effect**
- It is tried no more. What is under way at this moment may still arrive.

**Errors**
- 409 \`delivered\`: the receiver has taken it.`;

export const redeliverText =
  'Sends it anew with the same `webhook-id`, saying what is true then; a receiver that remembers the id may drop it. One that waits is due at once and not after its pause. The order stands: behind an older one of the same thing it still waits, and while `nextProbeAt` is set one is tried at a time, the oldest that is due first. A disabled webhook sends it once it is enabled.';

export const redeliverDeadText =
  'At most 10,000 in a call, oldest first, each with its `webhook-id` of before. A disabled webhook sends them once it is enabled.';
