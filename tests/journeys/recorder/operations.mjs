import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** The operations of the document, in an order of their own: that of the document may change. */
export function readOperations(file) {
  const { paths, components } = parse(readFileSync(file, 'utf8'));
  const nameOf = (parameter) =>
    parameter.$ref === undefined ? parameter.name : components.parameters[parameter.$ref.split('/').at(-1)].name;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method] !== undefined)
      .map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        takesBody: item[method].requestBody !== undefined,
        isConditional: (item[method].parameters ?? []).some((parameter) => nameOf(parameter) === 'If-Match'),
        pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      })),
  );
  return operations.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The operation of a call: of two that fit, the one whose path is written out. */
export function operationOf(operations, method, target) {
  const path = target.split('?')[0];
  const fitting = operations.filter((one) => one.method === method && one.pattern.test(path));
  return fitting.find((one) => one.path === path) ?? fitting[0];
}
