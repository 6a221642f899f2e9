import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { ok, unwrap } from '../../../../shared/result.ts';
import { createRoomWorld, openRooms } from '../../../testing/room-world.ts';
import { createIdentityService } from './identity-service.ts';

async function world(hasFile = true) {
  const room = createRoomWorld();
  const { present } = await openRooms(room);
  if (hasFile) room.files.put(room.paths.machineId, JSON.stringify(room.core().sync.self.identity));
  const concerns = {
    clone: null as { host: string; lastSeen: null; model: string; sameComputer: boolean } | null,
  };
  let reopened = 0;
  const taken = {
    reopen: async () => {
      reopened += 1;
      return ok(undefined);
    },
  };
  const service = createIdentityService({ ...room.parts, present, concerns, taken });
  return { room, service, concerns, reopened: () => reopened };
}

describe('the identity of this machine', () => {
  it('is empty before there is one, and the whole app works by it once it is made', async () => {
    const { room, service, reopened } = await world(false);
    expect(unwrap(await service.card()).machine).toBeNull();
    expect(unwrap(await service.create()).machine).toMatchObject({ host: 'host-a' });
    expect(reopened()).toBe(1);
    expect(room.files.text(room.paths.machineId)).toContain('machine_uuid');
  });

  it('is another after a split, and the old one is kept in the record', async () => {
    const { service, reopened } = await world();
    const before = unwrap(await service.card()).machine?.uuid;
    const after = unwrap(await service.split({ as: 'machine' }));
    expect(after.machine?.uuid).not.toBe(before);
    expect(after.previous.map(({ machine }) => machine)).toContain(before);
    expect(reopened()).toBe(1);
  });

  it('is another each time an account is set apart, the first time always the same', async () => {
    const [first, other] = [await world(), await world()];
    const split = async ({ service }: typeof first) =>
      unwrap(await service.split({ as: 'account' })).machine?.uuid;
    const own = await split(first);
    expect(await split(other)).toBe(own);
    expect(await split(other)).not.toBe(own);
  });

  it('names the other install that writes with it', async () => {
    const { service, concerns } = await world();
    concerns.clone = { host: 'twin', lastSeen: null, model: 'm', sameComputer: false };
    expect(unwrap(await service.card()).clone).toMatchObject({ host: 'twin' });
  });

  it('does not wait longer than three seconds for a store that is slow', async () => {
    const { room, service } = await world();
    room.storeFault = () => ({ kind: 'stall', when: 'before' });
    const begun = room.clock.monotonic();
    expect(unwrap(await service.card()).adoptable).toEqual([]);
    expect(room.clock.monotonic() - begun).toBeLessThanOrEqual(3_000);
  });

  it('is not taken over when it could not be written', async () => {
    const { room, service, reopened } = await world();
    room.files.fault = (call) => (call === 'replace' ? appError('disk-full', 'Full.', 'Make room.') : null);
    expect(await service.split({ as: 'machine' })).toMatchObject({ ok: false });
    expect(reopened()).toBe(0);
  });
});
