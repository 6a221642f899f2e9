import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { unwrap } from '../../../shared/result.ts';
import type { SettingsStore } from '../../core/ports/settings-store.ts';

/** Settings to test, and how to make the file one that nobody can read. */
export interface SettingsUnderTest {
  readonly store: SettingsStore;
  damage(): void;
  end?(): void;
}

const acme: Settings = {
  ...DEFAULT_SETTINGS,
  store: { ...DEFAULT_SETTINGS.store, url: 'gs://acme-logs/team', tenant: 'acme' },
};

/** The promises of `SettingsStore`, as tests; what stands in the file is tested beside the adapters. */
export function settingsStoreContract(name: string, make: () => SettingsUnderTest): void {
  describe(`settings contract: ${name}`, () => {
    let world: SettingsUnderTest;
    let store: SettingsStore;
    beforeEach(() => {
      world = make();
      ({ store } = world);
    });
    afterEach(() => world.end?.());

    it('are the defaults before anything was chosen', () => {
      expect(unwrap(store.get())).toEqual(DEFAULT_SETTINGS);
      expect(store.path).toMatch(/settings\.json$/);
    });

    it('come back as they were set', () => {
      unwrap(store.set(acme));
      expect(unwrap(store.get())).toEqual(acme);
      expect(store.hasLastGood).toBe(true);
    });

    it('keep what somebody else has changed since they were read', () => {
      const over = unwrap(store.get());
      unwrap(store.set({ ...over, app: { ...over.app, theme: 'dark' } }, over));
      unwrap(store.set({ ...over, save: { toStore: 'whole' } }, over));
      expect(unwrap(store.get())).toMatchObject({ app: { theme: 'dark' }, save: { toStore: 'whole' } });
    });

    it('that cannot be read are a failure, and stay as they are', () => {
      unwrap(store.set(acme));
      world.damage();
      expect(store.get()).toMatchObject({ ok: false, error: { code: 'corrupt' } });
      store.keepGood();
      expect(store.get()).toMatchObject({ ok: false });
    });

    it('are put right with the last good ones', () => {
      unwrap(store.set(acme));
      world.damage();
      expect(unwrap(store.recover('last-good'))).toEqual(acme);
      expect(unwrap(store.get())).toEqual(acme);
    });

    it('are put right with the defaults, after which the last good ones are still there', () => {
      unwrap(store.set(acme));
      world.damage();
      expect(unwrap(store.recover('defaults'))).toEqual(DEFAULT_SETTINGS);
      expect(unwrap(store.get())).toEqual(DEFAULT_SETTINGS);
      expect(unwrap(store.recover('last-good'))).toEqual(acme);
    });

    it('have no last good ones before any were kept', () => {
      world.damage();
      expect(store.hasLastGood).toBe(false);
      expect(store.recover('last-good')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    });
  });
}
