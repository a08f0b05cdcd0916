import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Tx } from '../../db/tx.ts';
import type { EventType } from '../../outbox/event-types.ts';
import type { Content, Stored } from '../content.ts';
import type { ArticleCreate } from '../inputs.ts';
import type { Warning } from '../warnings.ts';
import type { TakenArticle } from './looks.ts';

/** What a change is asked for, planned and decided as, before it is stored. */

/** Who asks for a change of which article, and which version of it they have read. */
export type ChangeOf = {
  actor: Actor;
  segment: string;
  ifMatch: Precondition;
  call: Call;
  /** The article stands for an item of the caller's: visible in every state, and theirs as if they had made it. */
  theirs?: boolean;
  /** The article and the labels that the body names, where the transaction has locked them and changed nothing since. */
  taken?: TakenArticle | undefined;
};

type EventData = Readonly<Record<string, string | number>>;

/** `data`: members of the event that are known only once the stored article was read. */
export type Decision = {
  content: Content;
  derivedBase: string | null;
  warnings: Warning[];
  data?: EventData;
  /** Called if nothing in the article changes: records what was done all the same, as no event of the article does. */
  recordAlone?: (() => Promise<void>) | undefined;
  /** Whether the working draft goes with this change. */
  dropsDraft?: boolean;
};

/** The labels that a body names, as ids. */
export type Related = Pick<Content, 'sourceId' | 'tagIds'>;

/** Throws 422 naming those that do not exist. */
export type FindRelated = () => Promise<Related>;

/** The source and tags that a body names. */
export type NamedLabels = Pick<ArticleCreate, 'source' | 'tags'>;

/** What a decision may use. `number`: goes up as long as a derived slug is taken. */
export type Given = { tx: Tx; number: number; related: FindRelated };

/** What a change does in addition to storing: its name in the revision and in the event. */
export type Plan = {
  step: string;
  event: EventType;
  note: string | null;
  data?: EventData;
  /** Revision and event even if nothing in the article changes: the message is the change. A note does so too. */
  evenUnchanged?: boolean;
  /** The members that the body has. Faults point to one of these. */
  named?: readonly string[];
  /** The labels that the body names, for `related`. */
  labels?: NamedLabels;
  /** Throws 403. Comes before the precondition, since the caller may not know more. */
  checkMay(stored: Stored): void;
  /** Throws 409, and whatever else the state of the article forbids. */
  decide(stored: Stored, given: Given): Promise<Decision>;
};

/** How an article is made. */
export type Making = {
  id: string;
  call: Call;
  plan: Pick<Plan, 'step' | 'event' | 'note' | 'data'>;
  labels: NamedLabels;
  /** The slug with this number. `base` is null for a slug that was given, which is the same with every number. */
  slugOf(number: number): { slug: string; base: string | null };
  decide(given: { now: string; slug: string; related: FindRelated }): Promise<Pick<Decision, 'content' | 'warnings'>>;
};

/** A new article, or a change of an existing one, complete and checked. `clock`: until when time has been recorded. */
export type Checked = Pick<Making, 'id' | 'call' | 'plan'> & {
  actor: Actor;
  /** Who made the article. */
  createdById: string | null;
  before: Content | null;
  decision: Decision;
  version: number;
  now: string;
  clock: string;
};
