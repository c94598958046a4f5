/* Runs before the first paint, so that the page never flashes in the other scheme. */
(() => {
  const chosen = localStorage.getItem('color-scheme');
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : system;
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
