import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { expect, it } from 'vitest';
import { LEFT_OUT, REPLACED, standIn } from './left-out-packages.ts';

const require = createRequire(import.meta.url);

/** A package that others bring. */
const installed = (name: string): unknown => require(name);

/** Runs a CommonJS module. */
function run(code: string): unknown {
  const module = { exports: {} as unknown };
  compileFunction(code, ['module', 'exports', 'require'])(module, module.exports, require);
  return module.exports;
}

it('a stand-in can be imported in every form, and throws with its name when it is called', () => {
  const one = run(standIn('mime')) as { (): void; deep: { Of: new () => void; more(): void } };
  expect(() => one()).toThrow('mime is not part of this program');
  expect(() => one.deep.more()).toThrow('mime is not part of this program');
  expect(() => new one.deep.Of()).toThrow('mime is not part of this program');
  expect({} instanceof (one.deep.Of as never)).toBe(false);
});

it.each(Object.keys({ ...LEFT_OUT, ...REPLACED }))(
  '%s is installed, so the list is no older than the lock',
  (name) => {
    expect(() => require.resolve(`${name}/package.json`)).not.toThrow(/Cannot find module/);
  },
);

it('what stands for lodash.escaperegexp gives what lodash gives', () => {
  const ours = run(REPLACED['lodash.escaperegexp'] ?? '') as (text: string) => string;
  const theirs = installed('lodash.escaperegexp') as (text: string) => string;
  for (const text of ['a.b*c', '^$.*+?()[]{}|\\', 'plain-/', '']) expect(ours(text)).toBe(theirs(text));
});

it('what stands for lodash.isequal tells apart what lodash does in the notes of an update', () => {
  const ours = run(REPLACED['lodash.isequal'] ?? '') as (one: unknown, two: unknown) => boolean;
  const theirs = installed('lodash.isequal') as typeof ours;
  const values = [{ a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }, { a: [1] }, null, undefined, 'x', [1, 2]];
  for (const one of values)
    for (const two of values) expect(ours(structuredClone(one), two)).toBe(theirs(structuredClone(one), two));
});

it('what stands for lazy-val makes its value once, or takes it', () => {
  const { Lazy } = run(REPLACED['lazy-val'] ?? '') as {
    Lazy: new (make: () => number) => { value: number; readonly hasValue: boolean };
  };
  let made = 0;
  const lazy = new Lazy(() => ++made);
  expect([lazy.hasValue, lazy.value, lazy.value, made, lazy.hasValue]).toEqual([false, 1, 1, 1, true]);
  const given = new Lazy(() => ++made);
  given.value = 7;
  expect([given.value, made]).toEqual([7, 1]);
});

it('what stands for buffer-equal-constant-time compares bytes', () => {
  const equal = run(REPLACED['buffer-equal-constant-time'] ?? '') as (one: Buffer, other: Buffer) => boolean;
  expect(equal(Buffer.from('ab'), Buffer.from('ab'))).toBe(true);
  expect(equal(Buffer.from('ab'), Buffer.from('ac'))).toBe(false);
  expect(equal(Buffer.from('ab'), Buffer.from('abc'))).toBe(false);
});
