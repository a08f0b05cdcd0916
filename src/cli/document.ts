import { writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import yaml from 'yaml';
import { readConfig } from '../config.ts';
import { openDeps } from '../deps.ts';
import { apiDocument } from '../features/docs/api-document.ts';
import { anyServer, builtDocument } from '../features/docs/document-text.ts';
import { routeGroups } from '../routes.ts';
import { openServices } from '../services.ts';

// The last step of the build: makes the OpenAPI document of all routes, in both forms, the same from the same sources.

/** Making the document opens no connection and does not depend on the environment. */
const placeholders = {
  DATABASE_URL: 'postgresql://nobody@localhost/nothing',
  JWT_SECRET: 'not-a-secret-and-nothing-is-signed-with-it',
  PUBLIC_URL: 'http://localhost',
};

const deps = await openDeps({ ...readConfig({}), ...placeholders }, pino({ level: 'silent' }));
const document = apiDocument(routeGroups(deps, openServices(deps)), { server: anyServer });
await deps.close();
await writeFile(builtDocument('json'), JSON.stringify(document));
// Words that YAML 1.1 reads as something else (`no`, `on`, `12:30`) are quoted, since many tools still use that version.
// There are no anchors, since some tools cannot read them.
await writeFile(
  builtDocument('yaml'),
  yaml.stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' }),
);
