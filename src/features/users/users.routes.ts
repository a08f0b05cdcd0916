import { causeOf } from '../../core/actor.ts';
import { del, type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { answer, noContent, toJson } from '../../http/json.ts';
import { presentNewUser, presentUser, presentUserPage } from './users.presenter.ts';
import { UserCreate, UserPage, UserPatch, UserRevoke, UserRevoked, UserView, userListQuery } from './users.schema.ts';
import type { UserService } from './users.service.ts';

const createExample = {
  email: 'rina@khobor.example',
  name: 'রিনা আখতার',
  initials: 'রআ',
  role: 'author',
  password: 'নদীর ধারে সাদা কাশফুল',
};

const patchText =
  'JSON Merge Patch. A new role, a new password and `disabled` end the access tokens of this user at once, the latter two every session as well. ' +
  'Access keys and preview links outlive a new password, so that feeds do not stop: `POST /v1/users/{id}/revoke` ends them. While the user is disabled they are refused, and good again once the user is enabled; a lower role is theirs too. ' +
  'Nobody, not even the caller, can demote or disable the last admin who can log in. A change that changes nothing keeps the version; a password always counts as a change. ' +
  'A new password also forgets the failed log-ins of this user, from every address.';

const revokeText =
  'At once, on every instance, and all of what is named or nothing; the user is not changed otherwise and may log in again. The preview links that were made with a key end with it; `previews` ends those that the user made without one (`GET /v1/users/{id}/previews` lists both). ' +
  'The answer says how many of each were ended: what had ended already is not counted. No `If-Match` is needed.';

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
        failures: ['Conflict'],
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
        failures: ['Conflict'],
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
        failures: ['Conflict'],
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
        failures: ['Stale'],
        bodyExample: { sessions: true, keys: true },
      },
      async ({ params, body, ifMatch, actor, call }) =>
        answer(toJson(await users.revoke({ id: params.id, ifMatch, ...causeOf(actor, call) }, body))),
    ),
  ];
}
