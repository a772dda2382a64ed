// The simulator's time: real by default, or moved by a test.

/** Milliseconds since 1970 and a pause. The same shape as the PVE client's clock. */
export interface SimulatorClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const realClock: SimulatorClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
};

/** Simulated time that runs so many times faster than the clock it is made of. */
export function fasterClock(clock: SimulatorClock, factor: number): SimulatorClock {
  const start = clock.now();
  return {
    now: () => start + Math.floor((clock.now() - start) * factor),
    sleep: (ms) => clock.sleep(ms / factor),
  };
}

/** A clock that stands still until it is moved. Sleeping moves it, so nothing ever waits in real time. */
export interface MovableClock extends SimulatorClock {
  move(ms: number): void;
}

export function movableClock(start: number): MovableClock {
  let time = start;
  return {
    now: () => time,
    sleep: (ms) => {
      time += ms;
      return Promise.resolve();
    },
    move: (ms) => {
      time += ms;
    },
  };
}
