import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { DEEP_MINUTES } from './deep-forecast.mjs';

export { ALONE } from './deep-forecast.mjs';

/** The files of a deep run, the shortest first: a run that is ended early has done most of them. */
export class ShortestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const minutes = ({ moduleId }: TestSpecification): number =>
      DEEP_MINUTES[relative(root, moduleId).replaceAll('\\', '/')] ?? 0;
    return Promise.resolve(files.toSorted((a, b) => minutes(a) - minutes(b)));
  }
}
