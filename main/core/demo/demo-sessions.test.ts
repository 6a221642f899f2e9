import { describe, expect, it } from 'vitest';
import { DEMO_MACHINES, DEMO_REPOSITORIES } from './demo-machines.ts';
import { DEMO_SAVES, demoMoment } from './demo-sessions.ts';
import { formatPlayedMachine, parsePlayedMachine } from './played-machine.ts';

const HOUR_MS = 3_600_000;

/** Every hour of ten days, over a change of the clock in Europe and in America. */
const LOOKS = Array.from({ length: 240 }, (_, hour) => Date.parse('2026-10-24T00:00:00Z') + hour * HOUR_MS);

describe('the moments of the demo', () => {
  it('are in the past and in working hours, whenever somebody looks', () => {
    for (const now of LOOKS) {
      for (const save of DEMO_SAVES) {
        const at = demoMoment(save, now);
        const hour = new Date(at).getHours();
        expect({ save, past: at < now, working: hour >= 7 && hour < 18 }).toEqual({
          save,
          past: true,
          working: true,
        });
      }
    }
  });

  it('are of this day or the last, and older ones of no weekend', () => {
    for (const now of LOOKS) {
      const newest = Math.max(...DEMO_SAVES.map((save) => demoMoment(save, now)));
      expect(now - newest).toBeLessThan(26 * HOUR_MS);
      const days = DEMO_SAVES.filter(({ daysAgo }) => daysAgo > 1).map((save) =>
        new Date(demoMoment(save, now)).getDay(),
      );
      expect(days.filter((day) => day === 0 || day === 6)).toEqual([]);
    }
  });

  it('differ from each other, and follow each other in every session', () => {
    for (const now of LOOKS) {
      const moments = DEMO_SAVES.map((save) => demoMoment(save, now));
      expect(new Set(moments).size).toBe(moments.length);
      const incident = DEMO_SAVES.flatMap(({ session }, at) =>
        session === 'incident-queue-lag' ? [moments[at] ?? 0] : [],
      );
      expect(incident).toEqual(incident.toSorted((a, b) => a - b));
      expect(incident).toHaveLength(2);
    }
  });
});

describe('the demo team', () => {
  it('has a person for every save, and a folder for every scope', () => {
    for (const { user, scope } of DEMO_SAVES) {
      const machine = DEMO_MACHINES.find(({ person }) => person.user === user);
      const repository = DEMO_REPOSITORIES.find(({ name }) => name === machine?.repository);
      const folders = { general: [''], project: repository?.projects, client: repository?.clients };
      expect(folders[scope.kind]).toContain(scope.kind === 'general' ? '' : scope.name);
    }
  });
});

describe('parsePlayedMachine', () => {
  it('reads what was written', () => {
    for (const { facts } of DEMO_MACHINES)
      expect(parsePlayedMachine(formatPlayedMachine(facts))).toEqual(facts);
  });

  it.each(['', 'null', '[]', '{"hostname":"x"}', '{"hostname":1,"parts":[null]}', '\u0000'])(
    'takes %j for no machine',
    (text) => {
      expect(parsePlayedMachine(text)).toBeNull();
    },
  );
});
