export type Call = { readonly method: string; readonly route: string; readonly status: number };

export type Durations = {
  /** Counts a call that took so many seconds. */
  observe(call: Call, seconds: number): void;
  /** All of them in the text format of Prometheus. */
  text(): string;
};

/** How many calls ended within each of the bounds but none before it, the last place for those beyond, and all their seconds. */
type Series = { readonly labels: string; readonly counts: number[]; sum: number };

const name = 'http_request_duration_seconds';
/** The last two are the time limits of a transaction and of a request that arrives slowly. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const newSeries = ({ method, route, status }: Call): Series => ({
  labels: `method="${method}",route="${route}",status="${status}"`,
  counts: Array<number>(bounds.length + 1).fill(0),
  sum: 0,
});

function linesOf({ labels, counts, sum }: Series): string[] {
  let total = 0;
  const buckets = counts.map((count, at) => {
    total += count;
    return `${name}_bucket{le="${bounds[at] ?? '+Inf'}",${labels}} ${total}`;
  });
  return [...buckets, `${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${total}`];
}

/** The value at a key, which is made if there is none. */
function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * A histogram of durations. That of prom-client puts a name together of all labels to find a series, at each call: it took
 * a thirtieth of a whole answer that is kept.
 */
export function openDurations(): Durations {
  const series = new Map<string, Map<string, Map<number, Series>>>();
  return {
    observe(call, seconds) {
      const ofRoute = at(series, call.route, () => new Map<string, Map<number, Series>>());
      const ofMethod = at(ofRoute, call.method, () => new Map<number, Series>());
      const one = at(ofMethod, call.status, () => newSeries(call));
      let place = 0;
      while (seconds > (bounds[place] ?? Number.POSITIVE_INFINITY)) place += 1;
      one.counts[place] = (one.counts[place] ?? 0) + 1;
      one.sum += seconds;
    },
    text() {
      const lines = [
        `# HELP ${name} Time from the first byte of a request to the end of its answer`,
        `# TYPE ${name} histogram`,
      ];
      for (const methods of series.values())
        for (const statuses of methods.values()) for (const one of statuses.values()) lines.push(...linesOf(one));
      return `${lines.join('\n')}\n`;
    },
  };
}
