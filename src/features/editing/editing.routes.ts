import { del, type Endpoint, get, put } from '../../http/endpoint.ts';
import { answer, noContent, toJson } from '../../http/json.ts';
import { EditingBody, EditingView } from './editing.schema.ts';
import type { EditingService } from './editing.service.ts';

const description =
  'A lease that runs out unless it is renewed. It warns others and locks nothing; the ETag decides whose change counts.';

export function editingRoutes(editing: EditingService): Endpoint[] {
  return [
    get(
      '/articles/{idOrSlug}/editing',
      {
        id: 'listEditing',
        summary: 'Who has an article open',
        order: 'who came first is first, by `since`, then by the id of the user',
        access: 'viewer',
        reply: EditingView,
      },
      async ({ actor, params }) => answer(toJson(await editing.list(actor, params.idOrSlug))),
    ),
    put(
      '/articles/{idOrSlug}/editing',
      {
        id: 'enterEditing',
        summary: 'Say that you have an article open',
        description,
        access: 'author',
        body: EditingBody,
        bodyExample: {},
        bodyOptional: true,
        reply: EditingView,
      },
      async ({ actor, params, ifMatch }) => answer(toJson(await editing.enter(actor, params.idOrSlug, ifMatch))),
    ),
    del(
      '/articles/{idOrSlug}/editing',
      { id: 'leaveEditing', summary: 'Say that you have it open no longer', access: 'author', reply: null },
      async ({ actor, params, ifMatch }) => {
        await editing.leave(actor, params.idOrSlug, ifMatch);
        return noContent;
      },
    ),
  ];
}
