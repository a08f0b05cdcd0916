import { TestEnvironment } from 'jest-environment-node';
import { loadBuilt } from './built.ts';
import { faultOf } from './contract.ts';

/**
 * Node, the built program, and the contract that every answer is held to. A worker loads an environment once, and its
 * test files one after another, each with modules of its own: here the program is evaluated and the document's schemas
 * are compiled for all of them.
 */
export default class BuiltEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, { khobor: { ...(await loadBuilt()), faultOf } });
  }
}
