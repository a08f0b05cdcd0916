import { bodyFault, type Fault, unprocessable } from '../../core/errors.ts';
import type { HookType } from '../../delivery/webhooks.ts';
import type { WebhookState } from './webhooks.repository.ts';

/** What each type of webhook has: where it is sent when no URL is given, the option and the token that it needs. */
type Facts = { readonly url: string | null; readonly option: 'serviceId' | 'zoneId' | null; readonly token: boolean };

const facts: Readonly<Record<HookType, Facts>> = {
  webhook: { url: null, option: null, token: false },
  fastly: { url: 'https://api.fastly.com', option: 'serviceId', token: true },
  cloudflare: { url: 'https://api.cloudflare.com', option: 'zoneId', token: true },
  varnish: { url: null, option: null, token: false },
};

/** Purgers purge what the events name, all of it, and sign nothing. */
export const isPurger = (type: HookType): boolean => type !== 'webhook';

export const defaultUrl = (type: HookType): string | null => facts[type].url;

const options = ['serviceId', 'zoneId'] as const;

const filters = {
  include: ({ withItem }: WebhookState) => withItem,
  kinds: ({ kinds }: WebhookState) => kinds.length > 0,
  events: ({ events }: WebhookState) => events.length > 0,
  tags: ({ tagIds }: WebhookState) => tagIds.length > 0,
  sources: ({ sourceIds }: WebhookState) => sourceIds.length > 0,
  languages: ({ languages }: WebhookState) => languages.length > 0,
  audience: ({ audience }: WebhookState) => audience !== 'public',
} as const;

function optionFaults(type: HookType, state: WebhookState): Fault[] {
  return options.flatMap((name) => {
    if (facts[type].option === name)
      return state[name] === null ? [bodyFault(`/${name}`, `Name it: a webhook of the type ${type} needs it.`)] : [];
    return state[name] === null ? [] : [bodyFault(`/${name}`, `Leave it out: a webhook of the type ${type} has none.`)];
  });
}

function filterFaults(type: HookType, state: WebhookState): Fault[] {
  if (isPurger(type))
    return Object.entries(filters).flatMap(([name, isSet]) =>
      isSet(state) ? [bodyFault(`/${name}`, 'Leave it out: a purger purges whatever readers can see.')] : [],
    );
  const [...kinds]: readonly string[] = state.kinds;
  return state.events.flatMap((event, index) =>
    kinds.length === 0 || kinds.includes(event.slice(0, event.indexOf('.')))
      ? []
      : [bodyFault(`/events/${index}`, 'Name its kind in kinds too, or it never comes.')],
  );
}

/** A token goes to no other address than the one with which it came: whoever could change that could read it there. */
function tokenFaults(type: HookType, { given, kept }: Token): Fault[] {
  if (!facts[type].token)
    return given ? [bodyFault('/token', `Leave it out: a webhook of the type ${type} has none.`)] : [];
  return given || kept
    ? []
    : [bodyFault('/token', `Send the API token: a webhook of the type ${type} needs it, and again with another url.`)];
}

/** `given`: with this call. `kept`: there is one already, for the same address. */
type Token = { readonly given: boolean; readonly kept: boolean };

/** Throws 422 for members that do not go together, each with its pointer. */
export function checkFit(type: HookType, state: WebhookState, token: Token): void {
  const faults = [...optionFaults(type, state), ...tokenFaults(type, token), ...filterFaults(type, state)];
  if (faults.length > 0) throw unprocessable('unfit-webhook', 'These members do not go together; see errors.', faults);
}
