-- Asks what only a person knows of an amendment; the server then drafts it. The protocol has no text input.

local M = {}

local execute = require('rationale.command').execute

local function send(client, amending)
  execute(client, { command = 'rationale.amend', arguments = { amending } })
end

--- Drafts the amendment of a command of the server, once the person has answered.
function M.draft(command, context)
  local amending = vim.deepcopy(command.arguments[1])
  local client = vim.lsp.get_client_by_id(context.client_id)
  vim.ui.input({ prompt = 'Who needs what, and for what? ' }, function(requirement)
    if requirement == nil then
      return
    end
    amending.requirement = requirement
    if amending.asks == nil then
      return send(client, amending)
    end
    vim.ui.input({ prompt = amending.asks .. ' ' }, function(detail)
      if detail ~= nil then
        amending.detail = detail
        send(client, amending)
      end
    end)
  end)
end

--- Drafts an amendment about what the cursor is on.
function M.at_cursor()
  local client = require('rationale').clients()[1]
  if client == nil then
    vim.notify('rationale: no server is running. See :checkhealth rationale', vim.log.levels.WARN)
    return
  end
  local encoding = client.offset_encoding
  local params = vim.lsp.util.make_range_params(0, encoding)
  local amending = { uri = params.textDocument.uri, range = params.range }
  M.draft({ arguments = { amending } }, { client_id = client.id })
end

return M
