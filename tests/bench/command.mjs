import { pathToFileURL } from 'node:url';

/** Whether a module is the program that was started, and not one that another imports. */
export const isMain = (moduleUrl) => process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === moduleUrl;
