import { z } from 'zod';

/** Where everything is, for a client that begins at the root. */
export const HomeView = z
  .object({
    name: z.literal('Khobor'),
    reference: z
      .string()
      .meta({ format: 'uri', description: 'The reference, for a browser.', example: 'https://news.example/api/docs' }),
    openapiJson: z.string().meta({ format: 'uri' }),
    openapiYaml: z.string().meta({ format: 'uri' }),
    latest: z.string().meta({ format: 'uri', description: 'The latest list.' }),
    liveness: z.string().meta({ format: 'uri' }),
  })
  .meta({ id: 'Home' });
export type HomeView = z.input<typeof HomeView>;

/** This document. Its own shape is that of OpenAPI 3.1. */
export const ApiDocumentView = z
  .looseObject({
    openapi: z.string().meta({ example: '3.1.0' }),
    info: z.looseObject({ title: z.string(), version: z.string() }),
    paths: z.looseObject({}),
  })
  .meta({ id: 'ApiDocument' });
export type ApiDocumentView = z.input<typeof ApiDocumentView>;
