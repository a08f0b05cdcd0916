import {
  type ArticleField,
  type DraftMember,
  type FieldName,
  fieldNames,
  fields,
  isPlain,
  type MadeRow,
  type Member,
  type NamesWhere,
  type PlainName,
  type PlainRow,
  type Shown,
  type StoredName,
} from './fields.ts';

/** Which members go where, worked out from the rows of `fields.ts`. */

/** The names of the rows for which this holds, in order. `Facts` says the same to the compiler. */
const where = <Facts>(holds: (row: PlainRow | MadeRow) => boolean) =>
  fieldNames.filter((name): name is NamesWhere<Facts> => holds(fields[name]));

/** The fields of the view that everybody sees, in the order in which they are shown. */
export const publicArticleFields = where<{ seenBy: 'everyone' }>(({ seenBy }) => seenBy === 'everyone');

export const ownFieldsOfStaff = where<{ seenBy: 'staff' }>(({ seenBy }) => seenBy === 'staff');

/** All fields that staff see. */
export const staffArticleFields: readonly ArticleField[] = [...publicArticleFields, ...ownFieldsOfStaff];

/** The fields that revisions keep. Revisions of older releases lack those of `laterKeptFields`. */
export const keptFields = where<Shown & { carried: { revisions: 'always' | 'later' } }>(
  ({ seenBy, carried }) => seenBy !== 'nobody' && carried.revisions !== 'never',
);

export const laterKeptFields = where<Shown & { carried: { revisions: 'later' } }>(
  ({ seenBy, carried }) => seenBy !== 'nobody' && carried.revisions === 'later',
);

const plainWhere = <Facts>(holds: (row: PlainRow) => boolean) =>
  fieldNames.filter((name): name is PlainName & NamesWhere<Facts> => isPlain(name) && holds(fields[name]));

/** The plain members that come back unchanged when a version is restored. */
export const restoredNames = plainWhere<{ carried: { restored: true } }>(({ carried }) => carried.restored);

export type RestoredName = (typeof restoredNames)[number];

type InDrafts = { carried: { drafts: true } };

export const isOfDrafts = (name: FieldName): name is NamesWhere<InDrafts> => fields[name].carried.drafts;

/** The fields of the view that a working draft shows. */
export const draftFields = where<Shown & InDrafts>(({ seenBy, carried }) => seenBy !== 'nobody' && carried.drafts);

export const plainDraftNames = plainWhere<InDrafts>(({ carried }) => carried.drafts);

export const isOfWires = (name: FieldName): name is NamesWhere<{ carried: { wire: true } }> =>
  fields[name].carried.wire;

/** The members of an article's content that are columns of its row, in order. */
export const columns = where<{ column: string }>((row) => typeof row.column === 'string').map((name) => {
  const member: Exclude<Member, 'tagIds'> = name === 'source' ? 'sourceId' : name;
  return { member, column: fields[name].column };
});

export const members: readonly Member[] = [...columns.map(({ member }) => member), 'tagIds'];

/** The name of the row that a member of the content is stored by. */
const fieldOf = (member: Member): StoredName =>
  member === 'sourceId' ? 'source' : member === 'tagIds' ? 'tags' : member;

/** The members of a draft's content. */
export const draftMembers = members.filter((member): member is DraftMember => fields[fieldOf(member)].carried.drafts);
