import type { JsonWebKey } from 'node:crypto';
import { type Endpoint, get, patch, post } from '../../http/endpoint.ts';
import { answer, noContent } from '../../http/json.ts';
import { presentCaller, presentTokens } from './auth.presenter.ts';
import {
  CallerView,
  JwksView,
  LoginBody,
  LogoutBody,
  PasswordBody,
  RefreshBody,
  refreshExample,
  TokensView,
} from './auth.schema.ts';
import type { AuthService } from './auth.service.ts';

const rotation =
  'Refresh tokens rotate: each is good once. For 30 seconds after its use a token gives its successor again, as two tabs at once need it; used later, it ends the session.';

export function authRoutes(auth: AuthService): Endpoint[] {
  return [
    post(
      '/auth/login',
      {
        id: 'login',
        summary: 'Log in with e-mail address and password',
        description:
          'Failed log-ins are limited for an account from one address and for an address; a new password of the account forgets those of the account.',
        access: 'public',
        token: 'ignored',
        unconditional: true,
        body: LoginBody,
        reply: TokensView,
        codes: ['invalid-credentials', 'too-many'],
        bodyExample: { email: 'rina@khobor.example', password: 'নদীর ধারে সাদা কাশফুল' },
      },
      async ({ body, call }) => presentTokens(await auth.login(body, call)),
    ),
    post(
      '/auth/refresh',
      {
        id: 'refresh',
        summary: 'Exchange a refresh token for new tokens',
        description: rotation,
        access: 'public',
        token: 'ignored',
        unconditional: true,
        body: RefreshBody,
        bodyExample: { refreshToken: refreshExample },
        reply: TokensView,
        codes: ['invalid-refresh-token'],
      },
      async ({ body }) => presentTokens(await auth.refresh(body.refreshToken)),
    ),
    post(
      '/auth/logout',
      {
        id: 'logout',
        summary: 'End a session',
        description: 'Ends the session of the refresh token in the body, else that of the access token, else nothing.',
        access: 'public',
        token: 'lenient',
        body: LogoutBody,
        bodyExample: { refreshToken: refreshExample },
        bodyOptional: true,
        reply: null,
      },
      async ({ body, actor, ifMatch }) => {
        await auth.logout(body?.refreshToken, actor, ifMatch);
        return noContent;
      },
    ),
    get(
      '/auth/me',
      {
        id: 'getAccount',
        summary: 'Who the caller is',
        description:
          'The account of who logged in. A machine is told for whom it acts, the role that it acts with, and its `key` with name, limits and end.',
        access: 'viewer',
        reply: CallerView,
      },
      async ({ actor }) => presentCaller(await auth.getAccount(actor)),
    ),
    patch(
      '/auth/me/password',
      {
        id: 'changePassword',
        summary: 'Change the password of the caller',
        description:
          'Ends every session of the account, also the one that this call came with, and begins a new one. Access keys and preview links of the account outlive it, so that feeds do not stop; an admin ends them with `POST /v1/users/{id}/revoke`.',
        access: 'viewer',
        keys: false,
        body: PasswordBody,
        reply: TokensView,
        codes: ['wrong-password'],
        bodyExample: { currentPassword: 'নদীর ধারে সাদা কাশফুল', newPassword: 'বৃষ্টিভেজা বিকেলের চা' },
      },
      async ({ body, actor, ifMatch, call }) =>
        presentTokens(await auth.changePassword({ actor, ifMatch, call }, body)),
    ),
  ];
}

/** Outside /v1, where other services look for it: RFC 8414 and OpenID Connect name this place. */
export const jwksRoutes = (jwks: { keys: readonly JsonWebKey[] }): Endpoint[] => [
  get(
    '/.well-known/jwks.json',
    {
      id: 'getJwks',
      summary: 'The public keys of access tokens',
      description: 'Empty while tokens are signed with a shared secret.',
      access: 'public',
      token: 'ignored',
      reply: JwksView,
      replyExample: {
        keys: [
          {
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
        ],
      },
      cache: 'document',
    },
    async () => answer({ text: JSON.stringify(jwks) }),
  ),
];
