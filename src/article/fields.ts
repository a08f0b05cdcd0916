/**
 * Every member of an article, in the order of what is stored; views show first what everybody sees. The row of a plain
 * member says everything about it: requests, views, SQL and what carries it are made from it. Only `edits.ts` (where a
 * call meets what is stored) and the database's schema name it too. Members of kind `made` have functions of their own.
 */

type Carried = {
  /** Working drafts have their own value of it. */
  drafts: boolean;
  /** Wires may send it, as any other caller may. */
  wire: boolean;
} & (
  | {
      /** Revisions keep it. `later`: revisions of older releases lack it. */
      revisions: 'always' | 'later';
      /** It comes back when a version is restored. */
      restored: boolean;
    }
  | { revisions: 'never'; restored: false }
);

type SeenBy = 'everyone' | 'staff' | 'nobody';

/** Addresses below the public URL are stored root-relative. Item ids are keys and never corrected. */
type Kind =
  | { readonly kind: 'text'; readonly max: number; readonly lines: boolean }
  | { readonly kind: 'language' | 'address' | 'item-id' };

export type PlainRow = Kind & {
  readonly column: string;
  readonly nullable: boolean;
  /** The value in a new article if the call has none. Without it, a member that cannot be null is required. */
  readonly whenAbsent?: string;
  readonly description: string;
  readonly example: string;
  readonly seenBy: SeenBy;
  readonly carried: Carried;
};

export type MadeRow = {
  readonly kind: 'made';
  /** Null if it is stored in a table of its own; absent if it is not part of the content. */
  readonly column?: string | null;
  readonly seenBy: SeenBy;
  readonly carried: Carried;
};

const everywhere = { drafts: true, wire: true, revisions: 'always', restored: true } as const;

const nowhere = { drafts: false, wire: false, revisions: 'never', restored: false } as const;

const keptAlone = { ...nowhere, revisions: 'always' } as const;

const keptLater = { ...nowhere, revisions: 'later' } as const;

export const fields = {
  id: { kind: 'made', seenBy: 'everyone', carried: keptAlone },
  language: {
    kind: 'language',
    column: 'language',
    nullable: false,
    whenAbsent: 'bn',
    description: 'The language that the article is written in, a BCP 47 tag.',
    example: 'bn',
    seenBy: 'everyone',
    carried: everywhere,
  },
  slug: { kind: 'made', column: 'slug', seenBy: 'everyone', carried: { ...everywhere, restored: false } },
  slugDerived: { kind: 'made', column: 'slug_derived', seenBy: 'nobody', carried: { ...nowhere, drafts: true } },
  kicker: {
    kind: 'text',
    max: 200,
    lines: false,
    column: 'kicker',
    nullable: true,
    description: 'A word or two above the title: the subject, or the place.',
    example: 'বন্যা',
    seenBy: 'everyone',
    carried: everywhere,
  },
  title: {
    kind: 'text',
    max: 300,
    lines: false,
    column: 'title',
    nullable: false,
    description: 'The headline.',
    example: 'নদীর পানি বাড়ছে, সতর্ক থাকার পরামর্শ',
    seenBy: 'everyone',
    carried: everywhere,
  },
  excerpt: {
    kind: 'text',
    max: 1_000,
    lines: true,
    column: 'excerpt',
    nullable: true,
    description: 'A summary in a sentence or two, for lists and for sharing.',
    example: 'উজানের ঢলে নদীর পানি বিপৎসীমার কাছে।',
    seenBy: 'everyone',
    carried: everywhere,
  },
  body: { kind: 'made', column: 'body', seenBy: 'everyone', carried: everywhere },
  bodyFormat: { kind: 'made', column: 'body_format', seenBy: 'everyone', carried: everywhere },
  bodyHtml: { kind: 'made', column: 'body_html', seenBy: 'everyone', carried: { ...everywhere, wire: false } },
  cover: { kind: 'made', column: 'cover', seenBy: 'everyone', carried: everywhere },
  byline: {
    kind: 'text',
    max: 300,
    lines: false,
    column: 'byline',
    nullable: true,
    description: 'Who has written it, as readers see it.',
    example: 'নিজস্ব প্রতিবেদক',
    seenBy: 'everyone',
    carried: everywhere,
  },
  deskInitials: {
    kind: 'text',
    max: 50,
    lines: false,
    column: 'desk_initials',
    nullable: true,
    description: 'The initials of those who worked on it at the desk, as they stand under the text.',
    example: 'রআ/নহ',
    seenBy: 'everyone',
    carried: everywhere,
  },
  source: {
    kind: 'made',
    column: 'source_id',
    seenBy: 'everyone',
    carried: { ...everywhere, wire: false },
  },
  sourceUrl: {
    kind: 'address',
    column: 'source_url',
    nullable: true,
    description: 'Where the source has the story.',
    example: 'https://news.example/bangladesh/nodir-pani',
    seenBy: 'everyone',
    carried: everywhere,
  },
  sourceItemId: {
    kind: 'item-id',
    column: 'source_item_id',
    nullable: true,
    description: "The source's own id of the story; unique for a source, which it needs.",
    example: 'tag:reuters.com,2026:newsml_L8N/1',
    seenBy: 'everyone',
    carried: { ...everywhere, wire: false },
  },
  tags: { kind: 'made', column: null, seenBy: 'everyone', carried: everywhere },
  status: { kind: 'made', column: 'status', seenBy: 'everyone', carried: { ...keptAlone, wire: true } },
  publishedAt: { kind: 'made', column: 'published_at', seenBy: 'everyone', carried: { ...keptAlone, wire: true } },
  expiresAt: {
    kind: 'made',
    column: 'expires_at',
    seenBy: 'everyone',
    carried: { ...everywhere, restored: false },
  },
  firstPublishedAt: { kind: 'made', column: 'first_published_at', seenBy: 'everyone', carried: keptAlone },
  createdBy: { kind: 'made', seenBy: 'staff', carried: nowhere },
  createdAt: { kind: 'made', seenBy: 'staff', carried: nowhere },
  updatedBy: { kind: 'made', seenBy: 'staff', carried: nowhere },
  updatedAt: { kind: 'made', seenBy: 'staff', carried: nowhere },
  deletedAt: { kind: 'made', column: 'deleted_at', seenBy: 'staff', carried: nowhere },
  modifiedAt: { kind: 'made', column: 'modified_at', seenBy: 'everyone', carried: keptLater },
  corrections: { kind: 'made', column: 'corrections', seenBy: 'everyone', carried: keptLater },
  storyId: { kind: 'made', column: 'story_id', seenBy: 'everyone', carried: keptLater },
  translations: { kind: 'made', seenBy: 'everyone', carried: nowhere },
  itemVersion: { kind: 'made', column: 'item_version', seenBy: 'nobody', carried: nowhere },
  version: { kind: 'made', seenBy: 'everyone', carried: keptAlone },
  notes: { kind: 'made', seenBy: 'staff', carried: nowhere },
} as const satisfies Readonly<Record<string, PlainRow | MadeRow>>;

export type FieldName = keyof typeof fields;

type Row<Name extends FieldName> = (typeof fields)[Name];

/** The names of the rows that have these facts. */
export type NamesWhere<Facts> = { [N in FieldName]: Row<N> extends Facts ? N : never }[FieldName];

export type MadeName = NamesWhere<{ kind: 'made' }>;

export type PlainName = Exclude<FieldName, MadeName>;

export type PlainContent = { [N in PlainName]: Row<N> extends { nullable: true } ? string | null : string };

export type Shown = { seenBy: 'everyone' | 'staff' };

/** A field of the view. */
export type ArticleField = NamesWhere<Shown>;

/** Source and tags are stored by their ids. */
type StoredAs<Name> = Name extends 'source' ? 'sourceId' : Name extends 'tags' ? 'tagIds' : Name;

export type StoredName = NamesWhere<{ column: string | null }>;

/** A member of an article's content. */
export type Member = StoredAs<StoredName>;

export type DraftMember = StoredAs<NamesWhere<{ carried: { drafts: true } }>>;

/**
 * A record of these names, each value with the type of its own. It needs the cast: built name by name, TypeScript knows it
 * only as a record of any of these values under any of these names.
 */
export const recordOf = <Out>(
  names: readonly (keyof Out & string)[],
  of: (name: keyof Out & string) => Out[keyof Out],
) => Object.fromEntries(names.map((name) => [name, of(name)])) as Out;

/** Exactly these members of an object. */
export const pick = <Whole, Name extends keyof Whole & string>(whole: Whole, names: readonly Name[]) =>
  recordOf<Pick<Whole, Name>>(names, (name) => whole[name]);

const isName = (name: string): name is FieldName => Object.hasOwn(fields, name);

export const fieldNames: readonly FieldName[] = Object.keys(fields).filter(isName);

export const isPlain = (name: FieldName): name is PlainName => fields[name].kind !== 'made';
