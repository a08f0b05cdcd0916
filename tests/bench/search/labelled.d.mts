export type Line = { id: string; text: string };
export type LabelledQuery = { kind: string; query: string; relevant: ReadonlySet<string> };
export type LabelledSet = { name: string; lines: readonly Line[]; queries: readonly LabelledQuery[] };
export type Answer = { kind: string; relevant: ReadonlySet<string>; found: ReadonlySet<string> };
export type Figures = { recall: number; precision: number; f1: number };

export function readPairs(name: string): [query: string, text: string][];
export function readSet(name: string): LabelledSet;
export function readSets(): Record<'tuned' | 'untouched' | 'learned', readonly LabelledSet[]>;
export function judge(answers: readonly Answer[]): Figures;
export function judgeByKind(answers: readonly Answer[]): Map<string, Figures>;
