export default async function globalTeardown(): Promise<void> {
  const teardown: unknown = Reflect.get(globalThis, 'khoborTestTeardown');
  if (typeof teardown === 'function') await teardown();
}
