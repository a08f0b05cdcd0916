type Assertion = (res: unknown) => unknown;
type Expecting = { prototype: { expect(...given: unknown[]): unknown } };

const isAssertions = (value: unknown): value is Assertion[] => Array.isArray(value);

/** Runs `make` without capturing stack traces. */
function withoutStacks<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const made = make();
  Error.stackTraceLimit = stackTraceLimit;
  return made;
}

/** The same assertion; where it fails, the error says which line of the test expected it. */
const placed =
  (assertion: Assertion, place: { stack?: string }): Assertion =>
  (res) => {
    const error = assertion(res);
    if (error instanceof Error && error.stack !== undefined) {
      const frames = (place.stack ?? '').split('\n').slice(1).join('\n');
      error.stack = error.stack.replace('\n----', () => `\n${frames}\n----`);
    }
    return error;
  };

/**
 * Supertest writes the stack of each expectation, in case that it fails, and mapping one to the sources takes longer than the
 * contract's check of a whole answer. With this it keeps the frames, and an expectation that fails writes them.
 */
export function keepFrames({ prototype }: Expecting): void {
  const { expect } = prototype;
  prototype.expect = function keepingFrames(...given) {
    const assertions: unknown = Reflect.get(this, '_asserts');
    if (!isAssertions(assertions)) throw new Error('supertest keeps its assertions elsewhere');
    const place: { stack?: string } = {};
    Error.captureStackTrace(place, keepingFrames);
    const before = assertions.length;
    const made = withoutStacks(() => Reflect.apply(expect, this, given));
    const added = assertions.splice(before);
    assertions.push(...added.map((each) => placed(each, place)));
    return made;
  };
}
