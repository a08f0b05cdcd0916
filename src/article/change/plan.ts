import type { Actor } from '../../core/actor.ts';
import type { Call } from '../../core/call.ts';
import type { Precondition } from '../../core/precondition.ts';
import type { Tx } from '../../db/tx.ts';
import type { Content, Stored } from '../content.ts';
import type { Warning } from '../warnings.ts';

/** What a change is asked for, planned and decided as, before it is stored. */

/** Who asks for a change of which article, and which version of it they have read. */
export type ChangeOf = {
  actor: Actor;
  segment: string;
  ifMatch: Precondition;
  call: Call;
  /** The article stands for an item of the caller's: visible in every state, and theirs as if they had made it. */
  theirs?: boolean;
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
};

/** What a change does in addition to storing: its name in the revision and in the event. */
export type Plan = {
  step: string;
  event: string;
  note: string | null;
  data?: EventData;
  /** Revision and event even if nothing in the article changes: the message is the change. A note does so too. */
  evenUnchanged?: boolean;
  /** The members that the body has. Faults point to one of these. */
  named?: readonly string[];
  /** Throws 403. Comes before the precondition, since the caller may not know more. */
  checkMay(stored: Stored): void;
  /** Throws 409, and whatever else the state of the article forbids. */
  decide(stored: Stored, tx: Tx, number: number): Promise<Decision>;
};

/** A new article, ready to be stored. */
export type NewArticle = {
  id: string;
  decision: Decision;
  plan: Pick<Plan, 'step' | 'event' | 'note' | 'data'>;
  call: Call;
  now: string;
};

/** A new article, or a change of an existing one, complete and checked. */
export type Checked = NewArticle & { before: Content | null; version: number; actor: Actor };
