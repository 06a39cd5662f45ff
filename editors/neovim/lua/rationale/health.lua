-- `:checkhealth rationale`: why nothing happens, and what to do.

local M = {}

function M.check()
  local health = vim.health
  local start = health.start or health.report_start
  local ok, warn, err = health.ok or health.report_ok, health.warn or health.report_warn, health.error or health.report_error

  start('rationale')
  if vim.fn.has('nvim-0.11') == 1 then
    ok('Neovim has vim.lsp.config')
  elseif vim.fn.has('nvim-0.9') == 1 then
    ok('Neovim is older than 0.11: the server is started by an autocommand')
  else
    err('Neovim is older than 0.9', 'Use a newer one')
  end

  local configured = vim.lsp.config and vim.lsp.config.rationale or require('rationale.config').get()
  local program = configured.cmd[1]
  if vim.fn.executable(program) == 0 then
    err('The server was not found: ' .. program, {
      'Build it: cargo install --path server/rationale',
      "Or say where it is: vim.g.rationale = { cmd = { '/path/to/rationale', 'lsp' } }",
    })
  else
    local version = vim.trim(vim.fn.system({ program, '--version' }))
    ok(('The server is %s (%s)'):format(vim.fn.exepath(program), version))
  end

  local clients = require('rationale').clients()
  for _, client in ipairs(clients) do
    local root = client.config.root_dir or 'single files'
    ok(('Running for %s, %d buffers'):format(root, vim.tbl_count(client.attached_buffers)))
  end
  if #clients == 0 then
    warn('No server is running', {
      'Open a SQL file, a spec or a dbt properties file',
      'Other YAML is read in folders that hold rationale.toml, dbt_project.yml or .git',
    })
  end
  if vim.fn.has('linux') == 1 and vim.fn.executable('inotifywait') == 0 then
    warn('Files that change outside of Neovim are seen late', 'Install inotify-tools, so that they can be watched')
  end
end

return M
