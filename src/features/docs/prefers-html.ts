import { weightOfType } from '../../http/accept.ts';

/** Whether a caller prefers HTML to JSON, as browsers do. Without a preference it is JSON. */
export const prefersHtml = (accept: string): boolean =>
  weightOfType(accept, 'text/html') > weightOfType(accept, 'application/json');
