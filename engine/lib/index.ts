export { startEngine } from './engine.ts';
export type { Engine, EngineClock, EngineOptions } from './engine.ts';
export { Driver } from './kernel/driver.ts';
export type { HistoryEntry } from './kernel/history.ts';
export { History } from './kernel/history.ts';
export type { ClockMode } from './kernel/kernel.ts';
export type { Settings, SettingsGiven } from './settings.ts';
export { inProcess, ListenError } from './wire/index.ts';
export type { Dispatch, WireRequest, WireResponse } from './wire/index.ts';
