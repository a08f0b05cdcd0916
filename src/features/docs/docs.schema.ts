import { z } from 'zod';
import { version } from '../../core/version.ts';

const address = (description: string, path: string) =>
  z.string().meta({ format: 'uri', description, example: `https://news.example/api/${path}` });

/** Where everything is, for a client that starts at the root. */
export const HomeView = z
  .object({
    name: z.literal('Khobor').meta({ description: 'The name of the program.' }),
    reference: address('The reference, for a browser.', 'docs'),
    openapiJson: address('The OpenAPI document as JSON.', 'openapi.json'),
    openapiYaml: address('The OpenAPI document as YAML.', 'openapi.yaml'),
    latest: address('The latest list: what is public, newest first.', 'v1/latest'),
    liveness: address('Whether the process lives.', 'livez'),
  })
  .meta({ id: 'Home' });
export type HomeView = z.input<typeof HomeView>;

/** The OpenAPI document itself. OpenAPI 3.1 defines its members. */
export const ApiDocumentView = z
  .looseObject({
    openapi: z.string().meta({ description: 'The version of OpenAPI that it is written in.', example: '3.1.0' }),
    info: z
      .looseObject({
        title: z.string().meta({ description: 'The name of the API.', example: 'Khobor' }),
        version: z.string().meta({ description: 'The version of the program that serves it.', example: version }),
      })
      .meta({ description: 'What the API is, and what holds for all its operations.' }),
    paths: z.looseObject({}).meta({ description: 'Every operation, by path and method.' }),
  })
  .meta({ id: 'ApiDocument' });
export type ApiDocumentView = z.input<typeof ApiDocumentView>;
