/**
 * A value with the members of `Part` and no others: passing a wider value does not compile. Otherwise a function that
 * spreads its argument could return, typed as `Part`, old values of members that the caller has already changed.
 */
export type Only<Part, Given extends Part> = Given & Readonly<Record<Exclude<keyof Given, keyof Part>, never>>;
