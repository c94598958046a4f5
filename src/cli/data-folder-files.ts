/** The embedded engine's data folder where `DATA_DIR` names no other, relative to where the command is run. */
export const defaultDataFolder = '.data';

/** Says where the system with this data folder listens, while it runs. */
export const addressFile = 'address';
