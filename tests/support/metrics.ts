import type { TestApp } from './app.ts';

/** The sum of the samples of a metric, of those that have this label. */
export async function counted(app: TestApp, name: string, label = ''): Promise<number> {
  const { text } = await app.request('get', '/metrics').expect(200);
  const samples = [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? (\\S+)$`, 'gm'))];
  return samples
    .filter(([, labels = '']) => labels.includes(label))
    .reduce((sum, [, , value]) => sum + Number(value), 0);
}
