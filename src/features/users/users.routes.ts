import { causeOf } from '../../core/actor.ts';
import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { answer, noContent, toJson } from '../../http/json.ts';
import { presentNewUser, presentUser, presentUserPage } from './users.presenter.ts';
import { UserCreate, UserPage, UserPatch, UserRevoke, UserRevoked, UserView, userListQuery } from './users.schema.ts';
import type { UserService } from './users.service.ts';
import { patchText, revokeText } from './users.texts.ts';

const createExample = {
  email: 'rina@khobor.example',
  name: 'রিনা আখতার',
  initials: 'রআ',
  role: 'author',
  password: 'নদীর ধারে সাদা কাশফুল',
};

export function userRoutes(users: UserService, limits: { itemsMax: number }): Endpoint[] {
  return [
    get(
      '/users',
      {
        id: 'listUsers',
        summary: 'List users in order of e-mail address',
        order: 'by e-mail address; no two have the same',
        access: 'admin',
        keys: false,
        query: userListQuery(limits.itemsMax),
        reply: UserPage,
      },
      async ({ query }) => presentUserPage(await users.list(query)),
    ),
    post(
      '/users',
      {
        id: 'createUser',
        summary: 'Create a user',
        description: 'E-mail addresses are kept in lower case; two that differ by case only are the same.',
        access: 'admin',
        keys: false,
        body: UserCreate,
        reply: UserView,
        status: 201,
        codes: ['email-taken'],
        bodyExample: createExample,
      },
      async ({ body, actor, call }) => presentNewUser(await users.create(body, causeOf(actor, call))),
    ),
    get(
      '/users/{id}',
      { id: 'getUser', summary: 'Read a user', access: 'admin', keys: false, reply: UserView },
      async ({ params }) => presentUser(await users.get(params.id)),
    ),
    patch(
      '/users/{id}',
      {
        id: 'updateUser',
        summary: 'Change a user, set a forgotten password, disable or enable',
        description: patchText,
        access: 'admin',
        keys: false,
        body: UserPatch,
        ifMatch: true,
        reply: UserView,
        codes: ['last-admin', 'email-taken'],
        bodyExample: { role: 'editor', initials: null },
      },
      async ({ params, body, ifMatch, actor, call }) =>
        presentUser(await users.update({ id: params.id, ifMatch, ...causeOf(actor, call) }, body)),
    ),
    del(
      '/users/{id}',
      {
        id: 'deleteUser',
        summary: 'Delete a user',
        description:
          'Their articles and revisions stay, with null where their name was. Their tokens, sessions, access keys and preview links end. To keep the name, disable the user instead.',
        access: 'admin',
        keys: false,
        ifMatch: true,
        reply: null,
        codes: ['last-admin'],
      },
      async ({ params, ifMatch, actor, call }) => {
        await users.remove({ id: params.id, ifMatch, ...causeOf(actor, call) });
        return noContent;
      },
    ),
    post(
      '/users/{id}/revoke',
      {
        id: 'revokeAccess',
        summary: 'End sessions, access keys or preview links of a user',
        description: revokeText,
        access: 'admin',
        keys: false,
        body: UserRevoke,
        reply: UserRevoked,
        bodyExample: { sessions: true, keys: true },
      },
      async ({ params, body, ifMatch, actor, call }) =>
        answer(toJson(await users.revoke({ id: params.id, ifMatch, ...causeOf(actor, call) }, body))),
    ),
  ];
}
