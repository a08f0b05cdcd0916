import { TestEnvironment } from 'jest-environment-node';
import { faultOf } from './contract.ts';

/**
 * Node, and the contract that every answer is held to. A worker loads an environment once, and its test files one after
 * another, each with modules of its own: here the document's schemas are compiled for all of them.
 */
export default class ContractEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, { faultOf });
  }
}
