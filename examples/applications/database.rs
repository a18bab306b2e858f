use std::{env, time::Duration};

use applications::Failure;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Row, query, query_scalar};
use tokio::time::sleep;

const FILE: &str = concat!(
    "sqlite:",
    env!("CARGO_MANIFEST_DIR"),
    "/../../users.db?mode=rwc"
);

async fn fill(
    pool: &AnyPool,
) -> sqlx::Result<()> {
    query(
        "CREATE TABLE IF NOT EXISTS users (
           id BIGINT PRIMARY KEY,
           name VARCHAR(40) NOT NULL,
           coins BIGINT NOT NULL)",
    )
    .execute(pool)
    .await?;
    let users = "SELECT COUNT(*) FROM users";
    let users: i64 = query_scalar(users)
        .fetch_one(pool)
        .await?;
    if users > 0 {
        return Ok(());
    }
    let mut all = pool.begin().await?;
    for (id, name) in
        [(1, "Ann"), (2, "Bob"), (3, "D'Arcy")]
    {
        query(
            "REPLACE INTO users
             VALUES (?, ?, 10)",
        )
        .bind(id)
        .bind(name)
        .execute(&mut *all)
        .await?;
    }
    all.commit().await
}

async fn find(
    pool: AnyPool,
    name: &str,
    millis: u64,
) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?;
    let id: i64 = query_scalar(
        "SELECT id FROM users WHERE name = ?",
    )
    .bind(name)
    .fetch_one(&mut *connection)
    .await?;
    sleep(Duration::from_millis(millis)).await;
    println!("{name} is user {id}");
    Ok(())
}

async fn give(
    pool: &AnyPool,
    coins: i64,
) -> sqlx::Result<bool> {
    let mut gift = pool.begin().await?;
    for (id, change) in [(1, -coins), (2, coins)]
    {
        query(
            "UPDATE users SET coins = coins + ?
             WHERE id = ?",
        )
        .bind(change)
        .bind(id)
        .execute(&mut *gift)
        .await?;
    }
    let left: i64 = query_scalar(
        "SELECT coins FROM users WHERE id = 1",
    )
    .fetch_one(&mut *gift)
    .await?;
    if left < 0 {
        return Ok(false);
    }
    gift.commit().await?;
    Ok(true)
}

async fn list(
    pool: &AnyPool,
) -> sqlx::Result<()> {
    let rows =
        query("SELECT * FROM users ORDER BY id")
            .fetch_all(pool)
            .await?;
    for row in rows {
        let id: i64 = row.try_get("id")?;
        let name: String = row.try_get("name")?;
        let coins: i64 = row.try_get("coins")?;
        println!("{id} {name} {coins}");
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    sqlx::any::install_default_drivers();
    let url = env::var("DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty());
    let pool = AnyPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(5))
        .connect(url.as_deref().unwrap_or(FILE))
        .await?;
    fill(&pool).await?;
    list(&pool).await?;

    let finds = [
        ("Ann", 1000),
        ("Bob", 1500),
        ("D'Arcy", 1000),
    ];
    let finds = finds.map(|(name, millis)| {
        let find =
            find(pool.clone(), name, millis);
        tokio::spawn(find)
    });
    for find in finds {
        find.await??;
    }

    if !give(&pool, 30).await? {
        println!("Ann cannot give 30");
    }
    list(&pool).await?;
    pool.close().await;
    Ok(())
}
