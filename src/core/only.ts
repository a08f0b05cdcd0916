/**
 * A value of a part of something and no more of it: a wider one is refused where it is given. A function that spread a
 * whole over what it was asked for would otherwise give back, under the type of the part, members that a caller has
 * changed already.
 */
export type Only<Part, Given extends Part> = Given & Readonly<Record<Exclude<keyof Given, keyof Part>, never>>;
