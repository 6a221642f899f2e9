import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BootstrapError, requireNode, toolEnvironment } from './bootstrap.mjs';

describe('requireNode', () => {
  it.each(['20.20.0', '20.20.2', '22.0.0', '24.21.0', '100.0.0'])('accepts Node %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(['18.20.8', '20.19.9', '8.17.0'])('refuses Node %s and names the one that is needed', (version) => {
    expect(() => requireNode(version)).toThrow(BootstrapError);
    expect(() => requireNode(version)).toThrow(/20\.20 or later/);
  });
});

describe('toolEnvironment', () => {
  it("puts the project's programs and the given Node before everything else", () => {
    const path = toolEnvironment('/opt/node-24/bin/node').PATH?.split(delimiter) ?? [];
    expect(path[0]).toMatch(/node_modules.\.bin$/);
    expect(path[1]).toBe('/opt/node-24/bin');
    expect(path.slice(2).join(delimiter)).toBe(process.env['PATH']);
  });
});
