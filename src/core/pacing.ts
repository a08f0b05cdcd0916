/**
 * Runs pieces of work one after another and yields to the event loop between them. Each piece takes milliseconds; many of
 * them without a break would block every other call.
 */
export type Pacing = <Result>(work: () => Result) => Promise<Result>;

const nextRound = () => new Promise<void>((resolve) => setImmediate(resolve));

export function openPacing(): Pacing {
  let before: Promise<void> = Promise.resolve();
  return (work) => {
    const result = before.then(work);
    before = result.then(nextRound, nextRound);
    return result;
  };
}
