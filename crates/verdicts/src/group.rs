//! A process and all that it starts.

use std::process::ExitStatus;

use anyhow::Result;
use process_wrap::tokio::*;
use tokio::process::Command;

/// A process with its group, killed together when this is dropped.
pub struct Group {
    pub child: Box<dyn ChildWrapper>,
    /// Its number may belong to another process by now.
    ended: bool,
}

impl Group {
    pub fn spawn(command: Command) -> Result<Self> {
        let mut wrapped = CommandWrap::from(command);
        #[cfg(unix)]
        wrapped.wrap(ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(JobObject);
        Ok(Self { child: wrapped.spawn()?, ended: false })
    }

    pub async fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.ended = true;
        Ok(status)
    }

    pub async fn kill(&mut self) {
        if !self.ended {
            let _ = self.child.start_kill();
            let _ = self.wait().await;
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.child.start_kill();
        }
    }
}
