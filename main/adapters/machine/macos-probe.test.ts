import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deriveUuid } from '../../core/machine/derive-uuid.ts';
import { createMacosProbe } from './macos-probe.ts';
import type { ProgramOutput, RunSystemProgram } from '../process/system-program.ts';

const digest = { sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex') };
const FILES: Readonly<Record<string, string>> = {
  'ioreg -rd1 -c IOPlatformExpertDevice': 'ioreg-rd1',
  'ioreg -l -c IOPlatformExpertDevice': 'ioreg-l',
  'ifconfig en0': 'ifconfig-en0',
  'sysctl -n hw.model': 'hw-model',
  'sysctl -n hw.optional.arm64': 'hw-optional-arm64',
  'sw_vers -productVersion': 'sw-vers',
};

function replay(recording: string, asked: string[] = []): RunSystemProgram {
  return async (file, args) => {
    const command = [file.split('/').at(-1), ...args].join(' ');
    asked.push(command);
    const name = FILES[command];
    if (name === undefined) throw new Error(`the probe runs ${command}, which nobody recorded`);
    return {
      ran: true,
      stdout: readFileSync(new URL(`./recordings/${recording}/${name}.txt`, import.meta.url), 'utf8'),
      problem: null,
    };
  };
}

const failing: RunSystemProgram = async (file): Promise<ProgramOutput> => ({
  ran: false,
  stdout: '',
  problem: `${file} could not be run (ENOENT)`,
});

// Computed by running ADR-058's generate_machine_uuid (Python 3.11) with these texts as the output of its commands.
const GOLDEN = [
  {
    recording: 'macbook-pro-m1',
    uuid: 'fb4efdd5-63b6-1ade-1f7c-de75c1f05f84',
    hash: 'sha256:fb4efdd563b61ade1f7cde75c1f05f8459bdcfd6da326af146ea59efc8655a14',
    model: 'MacBookPro18,3',
    parts: ['hw_uuid', 'serial_hash', 'mac_hash', 'cpu', 'model'],
  },
  {
    recording: 'imac-intel',
    uuid: '539ae90f-4c5d-381d-e956-2c183690c18b',
    hash: 'sha256:539ae90f4c5d381de9562c183690c18bba32e49a22c566b2c6c19ad7e69f4216',
    model: 'iMac19,1',
    parts: ['hw_uuid', 'serial_hash', 'mac_hash', 'cpu', 'model'],
  },
  {
    recording: 'mac-without-en0',
    uuid: 'e08fac99-9242-e13a-7216-8a75097728de',
    hash: 'sha256:e08fac999242e13a72168a75097728deb245dbfacb0db69f87edd7b509e3122b',
    model: 'Macmini9,1',
    parts: ['hw_uuid', 'serial_hash', 'cpu', 'model'],
  },
] as const;

describe('createMacosProbe', () => {
  it.each(GOLDEN)(
    "gives $recording the UUID of ADR-058's script",
    async ({ recording, uuid, hash, model, parts }) => {
      const facts = await createMacosProbe(replay(recording), () => 'hal-mbp').probe();
      expect(facts.parts.map(({ key }) => key)).toEqual(parts);
      expect(facts).toMatchObject({ hostname: 'hal-mbp', platform: 'Darwin', model, problems: [] });
      expect(facts.platformVersion).toMatch(/^1[345]\./);
      const derived = deriveUuid(facts.parts, digest);
      expect(derived).toMatchObject({ uuid, hash });
    },
  );

  it('asks for the slow listing of the registry only when the quick one lacks the serial number', async () => {
    const quick: string[] = [];
    await createMacosProbe(replay('macbook-pro-m1', quick)).probe();
    expect(quick).not.toContain('ioreg -l -c IOPlatformExpertDevice');
    const slow: string[] = [];
    await createMacosProbe(replay('mac-without-en0', slow)).probe();
    expect(slow).toContain('ioreg -l -c IOPlatformExpertDevice');
  });

  it('agrees with the script also when every command prints nothing, and names what is missing', async () => {
    const facts = await createMacosProbe(replay('mac-failing')).probe();
    expect(deriveUuid(facts.parts, digest).uuid).toBe('807460d5-827d-7812-1200-ee1656a83d69');
    expect(facts.problems.map((problem) => problem.split(':')[0])).toEqual(['hw_uuid', 'serial_hash']);
    expect(facts.model).toBe('unknown');
  });

  it('never throws when nothing can be run, and says so for each part', async () => {
    const facts = await createMacosProbe(failing).probe();
    expect(facts.parts).toEqual([{ key: 'cpu', value: 'i386' }]);
    expect(facts.problems).toHaveLength(4);
    for (const problem of facts.problems) expect(problem).toContain('could not be run');
  });

  it('lets no serial number or address out', async () => {
    for (const { recording } of GOLDEN) {
      const told = JSON.stringify(await createMacosProbe(replay(recording)).probe());
      for (const secret of [
        'G02XY00Q05',
        'C02XL2H0P7E',
        'H2WDX0ABQ6NV',
        'f0:2f:4b:0a:1c:9e',
        'a4:83:e7:5d:60:12',
      ])
        expect(told).not.toContain(secret);
    }
  });
});
