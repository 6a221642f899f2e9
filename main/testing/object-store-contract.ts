import { afterAll, beforeAll, describe } from 'vitest';
import { cancelContract } from './store-contract/cancel-contract.ts';
import { createBench, type StoreUnderTest } from './store-contract/contract-bench.ts';
import { copyContract } from './store-contract/copy-contract.ts';
import { listContract } from './store-contract/list-contract.ts';
import { nameContract } from './store-contract/name-contract.ts';
import { raceContract } from './store-contract/race-contract.ts';
import { readContract } from './store-contract/read-contract.ts';
import { writeContract } from './store-contract/write-contract.ts';

export type { StoreUnderTest } from './store-contract/contract-bench.ts';

/**
 * The promises of `ObjectStore`, as tests. Every adapter runs all of them; none may be skipped.
 * @param name shown in the output: the adapter, and for a server which one
 * @param make gives a store that nothing else writes to; called once
 */
export function objectStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`object store contract: ${name}`, () => {
    const bench = createBench();
    beforeAll(async () => {
      bench.open(await make());
    });
    afterAll(async () => {
      await bench.close();
    });
    writeContract(bench);
    readContract(bench);
    listContract(bench);
    copyContract(bench);
    nameContract(bench);
    cancelContract(bench);
    raceContract(bench);
  });
}
