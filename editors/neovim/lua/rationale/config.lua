-- What a client of the Rationale server is started with. The server decides itself what each file is;
-- this says where it is, and which buffers it is told of.

local M = {}

-- What SQL and YAML are called by Neovim and by plugins for dbt. Of TOML only `rationale.toml`.
local filetypes = {
  'sql',
  'mysql',
  'plsql',
  'dbt',
  'sql.dbt',
  'dbt.sql',
  'sql.jinja',
  'jinja.sql',
  'yaml',
  'yaml.dbt',
  'yaml.jinja',
  'toml',
}

-- An earlier marker goes before a later one, even when the later one is nearer.
local root_markers = { 'rationale.toml', 'dbt_project.yml', '.git' }

--- The folder that the server is to index for `bufnr`, and whether it is to be told of the buffer at
--- all. Without a folder it reads single files: SQL and native specs, no other YAML.
local function root_of(bufnr)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if name == '' or vim.bo[bufnr].buftype ~= '' then
    return nil, false
  end
  local base = vim.fs.basename(name)
  if base:match('%.toml$') and base ~= 'rationale.toml' then
    return nil, false
  end
  for _, marker in ipairs(root_markers) do
    local found = vim.fs.find(marker, { path = vim.fs.dirname(name), upward = true })[1]
    if found then
      return vim.fs.dirname(found), true
    end
  end
  return nil, not base:match('%.ya?ml$') or base:match('%.spec%.ya?ml$') ~= nil
end

--- Calls `on_dir` with the folder for `bufnr`, or not at all when the buffer is none of the server's.
function M.root_dir(bufnr, on_dir)
  local root, wanted = root_of(bufnr)
  if wanted then
    on_dir(root)
  end
end

local function capabilities()
  local own = { experimental = { commands = { commands = { 'rationale.showReferences', 'rationale.draftAmendment' } } } }
  -- Watching by polling, all that Neovim has on Linux without `inotifywait`, is too slow for a workspace.
  if vim.fn.executable('inotifywait') == 1 then
    own.workspace = { didChangeWatchedFiles = { dynamicRegistration = true } }
  end
  return own
end

--- The configuration, with the user's `vim.g.rationale` over it.
function M.get()
  local base = {
    name = 'rationale',
    cmd = { 'rationale', 'lsp' },
    filetypes = filetypes,
    root_dir = M.root_dir,
    settings = { rationale = vim.empty_dict() },
    capabilities = capabilities(),
  }
  return vim.tbl_deep_extend('force', base, vim.g.rationale or {})
end

return M
