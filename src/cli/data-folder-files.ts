/** The embedded engine's data folder without `DATA_DIR`, relative to the working directory. */
export const defaultDataFolder = '.data';

/** File in the data folder with the system's address while it runs. */
export const addressFile = 'address';
