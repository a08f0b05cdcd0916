import { type Endpoint, get } from '../../http/endpoint.ts';
import { openDemoCovers } from './demo.files.ts';

export function demoRoutes(): Endpoint[] {
  const cover = openDemoCovers();
  return [
    get(
      '/demo/covers/{file}',
      {
        id: 'getDemoCover',
        summary: 'A cover of the demonstration newsroom',
        access: 'public',
        token: 'ignored',
        reply: null,
        mediaType: 'image/png',
        cache: 'document',
      },
      async ({ params }) => ({ body: { text: cover(params.file) } }),
    ),
  ];
}
