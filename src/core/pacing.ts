/**
 * Does one piece of work after another and lets the event loop go round between two of them: pieces that each take
 * milliseconds, asked for side by side, would together keep every other call waiting.
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
