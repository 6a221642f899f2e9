import { describe, expect, it } from 'vitest';
import { dataPaths, resolveHome } from './paths.ts';
import { onPosix } from '../testing/only.ts';

onPosix.describe('resolveHome', () => {
  it('takes the variable, else the folder that ADR-058 names', () => {
    expect(resolveHome({}, '/home/u')).toEqual({ ok: true, value: '/home/u/.coditect-data' });
    expect(resolveHome({}, null)).toMatchObject({ ok: false, error: { code: 'not-configured' } });
    expect(resolveHome({ SESSION_LOG_HOME: '/srv/logs' }, null)).toEqual({ ok: true, value: '/srv/logs' });
    expect(resolveHome({ SESSION_LOG_HOME: '' }, '/home/u')).toEqual({
      ok: true,
      value: '/home/u/.coditect-data',
    });
    expect(resolveHome({ SESSION_LOG_HOME: '/srv/./logs/' }, '/home/u')).toEqual({
      ok: true,
      value: '/srv/logs',
    });
  });

  it.each(['logs', './logs', '~/logs', '/a\0b'])('refuses %j', (named) => {
    const home = resolveHome({ SESSION_LOG_HOME: named }, '/home/u');
    expect(home).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
  });
});

describe('dataPaths', () => {
  it('keeps every path below the home and away from context-storage', () => {
    const { home, ...rest } = dataPaths('/data');
    expect(home).toBe('/data');
    const all: string[] = Object.values(rest);
    expect(new Set(all).size).toBe(all.length);
    for (const path of all) {
      expect(path.replaceAll('\\', '/')).toMatch(/^\/data\//);
      expect(path).not.toContain('context-storage');
    }
  });
});
