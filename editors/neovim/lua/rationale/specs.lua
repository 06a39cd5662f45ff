-- Drafts the specs of models that have none. `vim.lsp.status()` tells how far it is.

local M = {}

local runs = 0

--- Of the models below `path`, or of the whole workspace where it is empty.
function M.draft(path)
  local client = require('rationale').clients()[1]
  if client == nil then
    vim.notify('rationale: no server is running. See :checkhealth rationale', vim.log.levels.WARN)
    return
  end
  runs = runs + 1
  local describing = vim.empty_dict()
  if path ~= '' then
    describing.uri = vim.uri_from_fname(vim.fs.normalize(vim.fn.fnamemodify(path, ':p')))
  end
  require('rationale.command').execute(client, {
    command = 'rationale.describe',
    arguments = { describing },
    workDoneToken = ('draft-specs-%d'):format(runs),
  })
end

return M
