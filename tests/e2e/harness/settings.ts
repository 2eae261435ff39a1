// The configuration keys that single tests change, in one place.

// A monitor that notices within a second; the shipped default is slower.
export const quickHealth = { health: { interval: '1s' } };
