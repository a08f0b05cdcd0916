import type { Response } from 'supertest';

/** Where the faults of a problem are, for example `body /title`. */
export const faultsOf = ({ body }: Pick<Response, 'body'>): string[] =>
  (body.errors ?? []).map((fault: { in: string; pointer: string }) => `${fault.in} ${fault.pointer}`);
